/** JUnit XML for CI: a suite per kind of claim, a case per claim. Violated is a failure, unknown an error: neither passes. */
import type { Claim, VerifyResult } from '../../verdict';
import { sayApart, showFlow } from './verification-text';

export function renderJunit(result: VerifyResult): string {
  const kinds = [...new Set(result.claims.map(({ kind }) => kind))];
  const suites = kinds.flatMap((kind) => {
    const claims = result.claims.filter((claim) => claim.kind === kind);
    return [
      `  <testsuite name="${xml(`${result.estate} ${kind}`)}" ${counts(claims)}>`,
      ...claims.flatMap(renderCase),
      '  </testsuite>',
    ];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cordon" ${counts(result.claims)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(claims: readonly Claim[]): string {
  const of = (verdict: Claim['verdict']) => claims.filter((claim) => claim.verdict === verdict).length;
  return `tests="${claims.length}" failures="${of('violated')}" errors="${of('unknown')}"`;
}

function renderCase(claim: Claim): string[] {
  const head = `    <testcase classname="cordon.${claim.kind}" name="${xml(claim.id)}" file="${xml(claim.source.file)}" line="${claim.source.line}"`;
  if (claim.verdict === 'proved') return [`${head}/>`];
  const element = claim.verdict === 'violated' ? 'failure' : 'error';
  const packet = claim.counterexample ? [`packet: ${showFlow(claim.counterexample.flow)}`] : [];
  const apart = claim.holdsFor ? [sayApart(claim.holdsFor)] : [];
  const body = [...apart, ...claim.because, ...packet, ...(claim.fix ? [`fix: ${claim.fix}`] : [])].join('\n');
  return [`${head}>`, `      <${element} message="${xml(claim.says)}">${xml(body)}</${element}>`, '    </testcase>'];
}

/** Also drops what XML 1.0 cannot hold at all. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
