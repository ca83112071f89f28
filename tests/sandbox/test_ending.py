"""However a signal comes, it ends the run, and after what must not be broken off."""

from __future__ import annotations

import signal

import pytest

from ringfence.sandbox.ending import ended_by_signals, undisturbed

ENDINGS = [
    pytest.param(signal.SIGINT, KeyboardInterrupt, id="SIGINT"),
    pytest.param(signal.SIGTERM, SystemExit, id="SIGTERM"),
]


@pytest.fixture(autouse=True)
def _interruptible():
    # The suite may run in a shell's background, where SIGINT is ignored.
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "error"), ENDINGS)
def test_a_signal_unwinds_the_stack(number, error):
    with pytest.raises(error) as raised, ended_by_signals():
        signal.raise_signal(number)
    assert getattr(raised.value, "code", 143) == 143


class Dropping:
    """Python drops what is raised when it goes."""

    def __init__(self, number):
        self.number = number

    def __del__(self):
        signal.raise_signal(self.number)


@pytest.mark.parametrize(("number", "error"), ENDINGS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_whose_exception_is_dropped_is_obeyed_when_asked(number, error):
    with ended_by_signals() as obey:
        obey()
        Dropping(number)
        with pytest.raises(error):
            obey()


@pytest.mark.parametrize(("number", "error"), ENDINGS)
def test_a_signal_waits_for_the_end_of_what_is_undisturbed(number, error):
    finished = []

    def run():
        with ended_by_signals(), undisturbed():
            signal.raise_signal(number)
            signal.raise_signal(number)
            finished.append(True)

    with pytest.raises(error):
        run()
    assert finished


def test_a_signal_that_comes_before_an_error_is_obeyed_as_well():
    def run():
        with ended_by_signals(), undisturbed():
            signal.raise_signal(signal.SIGINT)
            raise ValueError

    with pytest.raises(KeyboardInterrupt):
        run()


@pytest.mark.parametrize("block", [ended_by_signals, undisturbed])
def test_an_ignored_signal_stays_ignored(block):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with block():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("block", [ended_by_signals, undisturbed])
def test_afterwards_the_handlers_are_as_before(block):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with block():
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
