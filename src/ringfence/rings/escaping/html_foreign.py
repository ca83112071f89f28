"""Elements of SVG and MathML that HTML has not: their end tags end nothing of HTML's.

Sources: SVG 2 and SVG 1.1 (element index), Filter Effects, SVG Animations; MathML Core and
MathML 3 (element index). In lower case, as the tokenizer has them.
"""

from __future__ import annotations

__all__ = ["FOREIGN_ELEMENTS"]

_SVG = """
altglyph altglyphdef altglyphitem animate animatecolor animatemotion animatetransform circle
clippath color-profile cursor defs desc discard ellipse feblend fecolormatrix fecomponenttransfer
fecomposite feconvolvematrix fediffuselighting fedisplacementmap fedistantlight fedropshadow
feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge femergenode femorphology
feoffset fepointlight fespecularlighting fespotlight fetile feturbulence filter font-face
font-face-format font-face-name font-face-src font-face-uri foreignobject g glyph glyphref hatch
hatchpath hkern image line lineargradient marker mask mesh meshgradient meshpatch meshrow
metadata missing-glyph mpath path pattern polygon polyline radialgradient rect set solidcolor stop
svg switch symbol text textpath tref tspan unknown use view vkern
"""
_MATHML = """
abs annotation annotation-xml maction maligngroup malignmark math menclose merror mfenced mfrac
mglyph mi mlabeledtr mlongdiv mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
mscarries mscarry msgroup msline mspace msqrt msrow mstack mstyle msub msubsup msup mtable mtd
mtext mtr munder munderover none semantics
"""

FOREIGN_ELEMENTS = frozenset(_SVG.split()) | frozenset(_MATHML.split())
