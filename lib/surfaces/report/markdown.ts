/** Markdown for a pull request: verdict, what is open, and what the plan rests on. */
import type { Claim, LatentPath, Verdict, VerifyResult } from '../../verdict';
import { sayApart, showFlow } from './verification-text';

const MARK: Readonly<Record<Verdict, string>> = { proved: '✅', violated: '❌', unknown: '❔' };

export function renderMarkdown(result: VerifyResult): string {
  const open = result.claims.filter(({ verdict }) => verdict !== 'proved');
  const kinds = [...new Set(result.claims.map(({ kind }) => kind))];
  const lines = [
    `## ${MARK[result.verdict]} Cordon: ${inline(result.estate)} is ${result.verdict}`,
    '',
    `As of ${result.asOf}.`,
    '',
    '| claim | proved | violated | unknown |',
    '| --- | ---: | ---: | ---: |',
    ...kinds.map((kind) => {
      const of = (verdict: Verdict) => result.claims.filter((each) => each.kind === kind && each.verdict === verdict);
      return `| ${kind} | ${of('proved').length} | ${of('violated').length} | ${of('unknown').length} |`;
    }),
    ...open.flatMap(renderClaim),
    ...latentPaths(result.latent ?? []),
    ...section('Warnings', result.warnings),
    ...section('Assumptions', result.assumptions),
  ];
  return `${lines.join('\n')}\n`;
}

function renderClaim(claim: Claim): string[] {
  const { file, line } = claim.source;
  const lines = [
    '',
    `### ${MARK[claim.verdict]} ${inline(claim.id)}`,
    '',
    `${inline(claim.says)} (\`${file}:${line}\`)`,
    '',
  ];
  if (claim.holdsFor) lines.push(`- apart: ${sayApart(claim.holdsFor)}`);
  lines.push(...claim.because.map((reason) => `- ${inline(reason)}`));
  const legs = claim.counterexample?.chain ?? (claim.counterexample ? [claim.counterexample] : []);
  for (const { flow, hops } of legs) {
    lines.push('', '```text', showFlow(flow));
    lines.push(
      ...hops.map(
        ({ location, decision, reason, rule }) => `  ${decision}: ${location}: ${reason}${rule ? ` [${rule}]` : ''}`,
      ),
    );
    lines.push('```');
  }
  if (claim.fix) lines.push('', `**Fix:** ${inline(claim.fix)}`);
  return lines;
}

/** Folded: it is no verdict, and a pull request has enough to show. */
function latentPaths(latent: readonly LatentPath[]): string[] {
  if (latent.length === 0) return [];
  const rows = latent.map(({ level, from, to, edit, flow }) => {
    const cells = [level, `${from} → ${to}`, `${edit.resource} gets ${edit.what}`, showFlow(flow)];
    return `| ${cells.map(inline).join(' | ')} |`;
  });
  return [
    '',
    `<details><summary>One edit away: ${latent.length}</summary>`,
    '',
    'One thing alone keeps each of them shut.',
    '',
    '| level | path | opens if | packet |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '</details>',
  ];
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `### ${title}`, '', ...items.map((item) => `- ${inline(item)}`)];
}

function inline(text: string): string {
  return text.replace(/[\\<>*_|[\]]/g, (character) => `\\${character}`);
}
