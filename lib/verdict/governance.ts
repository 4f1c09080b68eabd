/**
 * Governance: each conduit has a reason, an owner, an approval and a review date that is not past. Dates are compared
 * with `asOf`, an argument: the same estate on the same date always gives the same answer.
 */
import type { Conduit, DataClass } from '../intent/zones';
import type { VerdictContext } from './context';
import { type Claim, placeOf } from './result';

const WARN_DAYS = 30;
/** Two approvers where a mistake harms many or a patient: security and clinical safety. */
const TWO_APPROVERS: readonly DataClass[] = ['phi-bulk', 'safety'];
const PATIENT_DATA: readonly DataClass[] = ['phi', 'phi-bulk'];

export function verifyGovernance(context: VerdictContext): { claims: Claim[]; warnings: string[] } {
  const warnings: string[] = [];
  const claims = context.model.conduits.map((conduit): Claim => {
    const missing = faultsOf(conduit, context);
    warnings.push(...comingUp(conduit, context.asOf));
    return {
      id: `governance/${conduit.name}`,
      kind: 'governance',
      verdict: missing.length > 0 ? 'violated' : 'proved',
      says: `${conduit.name} has a reason, an owner, an approval and a date to look at it again`,
      from: conduit.from.asset ? `${conduit.from.zone}/${conduit.from.asset}` : conduit.from.zone,
      to: conduit.to.asset ? `${conduit.to.zone}/${conduit.to.asset}` : conduit.to.zone,
      conduit: conduit.name,
      source: placeOf(conduit.source),
      because: missing.length > 0 ? missing : evidenceOf(conduit),
      ...(missing.length > 0 ? { fix: `complete \`${conduit.name}\`, or remove it` } : {}),
    };
  });
  return { claims, warnings };
}

function faultsOf(conduit: Conduit, context: VerdictContext): string[] {
  const { asOf } = context;
  const faults: string[] = [];
  if (!conduit.why?.trim()) faults.push('no reason (`why`)');
  if (!conduit.owner?.trim()) faults.push('no owner');
  if (!conduit.approved || conduit.approved.by.length === 0) faults.push('no approval');
  else faults.push(...approvalFaults(conduit, context));
  if (!conduit.review) faults.push('no review date');
  else if (conduit.review < asOf) faults.push(`its review was due on ${conduit.review}`);
  if (conduit.expires && conduit.expires < asOf) faults.push(`it expired on ${conduit.expires}`);
  for (const channel of conduit.channels) {
    if (channel.encrypted || conduit.cleartext?.why.trim() || !carriesPatientData(conduit, context)) continue;
    faults.push(`\`${channel.service}\` is clear text and carries patient data without a reason (\`cleartext\`)`);
  }
  return faults;
}

function approvalFaults(conduit: Conduit, context: VerdictContext): string[] {
  const { approved } = conduit;
  const faults: string[] = [];
  if (approved?.on && approved.on > context.asOf) faults.push(`its approval is dated ${approved.on}, in the future`);
  if (approved?.requestedBy && approved.by.every((person) => person === approved.requestedBy)) {
    faults.push(`approved by the same person who asked for it, ${approved.requestedBy}`);
  }
  const weighty = dataOf(conduit.to.zone, context).filter((data) => TWO_APPROVERS.includes(data));
  if (weighty.length > 0 && new Set(approved?.by).size < 2) {
    faults.push(`one approver, two are needed: ${conduit.to.zone} holds ${weighty.join(' and ')}`);
  }
  return faults;
}

/** Patient data crosses where both ends hold it: what never held any (a clock, a name server) is not sent any. */
function carriesPatientData(conduit: Conduit, context: VerdictContext): boolean {
  return [conduit.from.zone, conduit.to.zone].every((zone) =>
    dataOf(zone, context).some((data) => PATIENT_DATA.includes(data)),
  );
}

function dataOf(zone: string, context: VerdictContext): readonly DataClass[] {
  return context.zones.get(zone)?.data ?? [];
}

function evidenceOf(conduit: Conduit): string[] {
  const approved = conduit.approved;
  return [
    `owner: ${conduit.owner}`,
    `approved by ${approved?.by.join(', ')}${approved?.on ? ` on ${approved.on}` : ''}`,
    `review by ${conduit.review}`,
    ...(conduit.expires ? [`expires on ${conduit.expires}`] : []),
  ];
}

function comingUp(conduit: Conduit, asOf: string): string[] {
  const soon = (date: string | undefined, what: string): string[] => {
    const days = date === undefined ? undefined : daysBetween(asOf, date);
    if (days === undefined || days < 0 || days > WARN_DAYS) return [];
    return [`${conduit.name}: ${what} on ${date}, in ${days} days`];
  };
  return [...soon(conduit.expires, 'expires'), ...soon(conduit.review, 'is due for review')];
}

function daysBetween(from: string, to: string): number | undefined {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
  return Number.isFinite(days) ? days : undefined;
}
