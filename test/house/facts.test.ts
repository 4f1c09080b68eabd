/**
 * Every fact of SEMANTICS.md has a test named after it: a title that begins with its number (`test/evidence/facts`), or
 * with `fact <number>` (claims). Those about packets speak of both families where AWS has both.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
const FACTS = Array.from({ length: 43 }, (_, at) => at + 1);

/**
 * No IPv6 of their own: what AWS carries by IPv4 alone (gateway endpoints, PrivateLink to a balancer that has IPv4 only), and
 * what is no packet at all.
 */
const WITHOUT_IPV6 = new Set([8, 29, 31, 35, 36, 37, 38, 39, 40, 41, 42, 43]);

const files = ['evidence/facts', 'verdict'].flatMap((folder) =>
  fs
    .readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => fs.readFileSync(path.join(ROOT, folder, name), 'utf8')),
);

/** Each test with its rows: from its title to the next. */
const tests = files.flatMap((text) => text.split(/(?=\b(?:fact|factOfTemplate|test|describe)\()/));

function testsOf(fact: number): string[] {
  const title = new RegExp(`^(?:fact|factOfTemplate|test|describe)\\(\\s*['"\`](?:fact )?${fact}: `);
  return tests.filter((text) => title.test(text));
}

test.each(FACTS)('fact %i has a test named after it', (fact) => {
  expect(testsOf(fact)).not.toEqual([]);
});

test.each(FACTS.filter((fact) => !WITHOUT_IPV6.has(fact)))('fact %i is tested in both families', (fact) => {
  const rows = testsOf(fact).join('\n');
  const isSix = /[0-9a-f]*::|icmpv6|routed\(|entered\(|edges\(|apart\(|hub\(|balanced\(|interfaceEndpoint\(/;
  expect(rows).toMatch(isSix);
});
