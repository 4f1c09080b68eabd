/** SARIF 2.1.0 for code scanning: one result per claim that is not proved, and per latent path, at the line of the zone file. */
import type { Claim, ClaimKind, LatentPath, VerifyResult } from '../../verdict';
import { sayApart, showFlow } from './verification-text';

const RULES: Readonly<Record<ClaimKind, string>> = {
  isolation: 'Nothing undeclared flows between zones',
  service: 'Every declared channel works, both ways',
  never: 'An obligation holds, directly and through hosts',
  governance: 'Every conduit has a reason, an owner, an approval and a review date',
};

const LATENT_RULE = 'No undeclared path is one edit away';

export function renderSarif(result: VerifyResult): string {
  const rules = Object.entries({ ...RULES, latent: LATENT_RULE });
  const driver = {
    name: 'cordon',
    rules: rules.map(([id, text]) => ({ id: `cordon/${id}`, shortDescription: { text } })),
  };
  const open = result.claims.filter(({ verdict }) => verdict !== 'proved');
  const results = [...open.map(resultOfClaim), ...(result.latent ?? []).map(resultOfLatent)];
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results, columnKind: 'utf16CodeUnits' }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function resultOfClaim(claim: Claim) {
  const apart = claim.holdsFor ? [`apart: ${sayApart(claim.holdsFor)}`] : [];
  const lines = [`${claim.verdict}: ${claim.says}`, ...apart, ...claim.because, claim.fix ? `fix: ${claim.fix}` : ''];
  return {
    ruleId: `cordon/${claim.kind}`,
    // code scanning shows nothing of kind `review`, and an unknown must be seen: it fails, less gravely
    level: claim.verdict === 'violated' ? 'error' : 'warning',
    kind: 'fail',
    message: { text: lines.filter(Boolean).join('\n') },
    locations: [locationOf(claim.source)],
    partialFingerprints: { claim: claim.id },
  };
}

function resultOfLatent({ from, to, level, says, edit, flow, source }: LatentPath) {
  return {
    ruleId: 'cordon/latent',
    level,
    kind: 'fail',
    message: { text: `one edit away: ${says}\npacket: ${showFlow(flow)}` },
    locations: [locationOf(source)],
    partialFingerprints: { claim: `latent/${from}/${to}/${edit.kind}` },
  };
}

function locationOf({ file, line, column }: Claim['source']) {
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split('\\').join('/') },
      region: { startLine: line, startColumn: column },
    },
  };
}
