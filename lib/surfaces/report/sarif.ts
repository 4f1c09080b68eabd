/** SARIF 2.1.0 for code scanning: one result per claim that is not proved, at the line of the zone file. */
import type { ClaimKind, VerifyResult } from '../../verdict';

const RULES: Readonly<Record<ClaimKind, string>> = {
  isolation: 'Nothing undeclared flows between zones',
  service: 'Every declared channel works, both ways',
  never: 'An obligation holds, directly and through hosts',
  governance: 'Every conduit has a reason, an owner, an approval and a review date',
};

export function renderSarif(result: VerifyResult): string {
  const rules = Object.entries(RULES).map(([id, text]) => ({ id: `cordon/${id}`, shortDescription: { text } }));
  const results = result.claims
    .filter(({ verdict }) => verdict !== 'proved')
    .map((claim) => ({
      ruleId: `cordon/${claim.kind}`,
      // code scanning shows nothing of kind `review`, and an unknown must be seen: it fails, less gravely
      level: claim.verdict === 'violated' ? 'error' : 'warning',
      kind: 'fail',
      message: {
        text: [`${claim.verdict}: ${claim.says}`, ...claim.because, claim.fix ? `fix: ${claim.fix}` : '']
          .filter(Boolean)
          .join('\n'),
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: claim.source.file.split('\\').join('/') },
            region: { startLine: claim.source.line, startColumn: claim.source.column },
          },
        },
      ],
      partialFingerprints: { claim: claim.id },
    }));
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'cordon', rules } }, results, columnKind: 'utf16CodeUnits' }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
