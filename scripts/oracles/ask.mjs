// Asks the two oracles for scripts/csp_oracles.py: policies in on standard input as a JSON array,
// what each oracle says out as a JSON array. Needs the npm packages below the current folder.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import path from "node:path";

const here = (file) => path.join(process.cwd(), "node_modules", file);
const require = createRequire(here("x.js"));
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { CspEvaluator, STRICTCSP_CHECKS } = require("csp_evaluator/dist/evaluator.js");
const { contentSecurityPolicyTest } = await import(
  pathToFileURL(here("@mdn/mdn-http-observatory/src/analyzer/tests/csp.js"))
);

function google(policy) {
  try {
    const findings = new CspEvaluator(new CspParser(policy).csp).evaluate(STRICTCSP_CHECKS);
    return {
      findings: findings.map(({ type, severity, directive, value }) => ({
        type,
        severity,
        directive,
        value: value ?? "",
      })),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

function mozilla(policy) {
  const headers = Object.assign(Object.create({ get: () => null }), {
    "content-security-policy": policy,
  });
  try {
    const { result, policy: facts } = contentSecurityPolicyTest({
      responses: { auto: { headers, httpEquiv: new Map() } },
      session: { url: new URL("https://site.test/") },
    });
    return { result, facts };
  } catch (error) {
    return { error: String(error) };
  }
}

const policies = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(
  JSON.stringify(policies.map((policy) => ({ google: google(policy), mozilla: mozilla(policy) }))),
);
