/** What is declared and never used, and approvals from the future: likely slips, so warnings. */
import type { DiagnosticLog } from './diagnostic-codes';
import type { ServiceNames } from './resolve-services';
import type { ZoneDocument } from './zone-document';
import type { ZoneModel } from './zone-model';

export function validateUsage(
  model: ZoneModel,
  document: ZoneDocument,
  services: ServiceNames,
  today: string | undefined,
  log: DiagnosticLog,
): void {
  const placements = model.zones.map(({ placement }) => placement);
  const vpcs = new Set(placements.map((placement) => (placement.kind === 'shared-vpc' ? placement.vpc : undefined)));
  const sites = new Set(placements.map((placement) => (placement.kind === 'site' ? placement.site : undefined)));
  for (const { name, source } of model.vpcs) {
    if (!vpcs.has(name))
      log.report('VPC_UNUSED', source, `no zone lives in shared VPC \`${name}\``, {
        help: 'remove it, or place a zone in it',
      });
  }
  for (const { name, source } of model.sites) {
    if (!sites.has(name))
      log.report('SITE_UNUSED', source, `no zone lives at site \`${name}\``, {
        help: 'remove it, or place a zone there',
      });
  }
  for (const { name, source } of document.services) {
    if (!services.isUsed(name)) {
      log.report('SERVICE_UNUSED', source, `nothing allows or serves \`${name}\``, {
        help: 'remove it, or name it in a conduit',
      });
    }
  }
  for (const { name, approved, source } of model.conduits) {
    if (today !== undefined && approved?.on !== undefined && approved.on > today) {
      log.report('DATE_IN_FUTURE', source, `conduit \`${name}\` is approved on ${approved.on}, after today, ${today}`, {
        help: 'correct the date',
      });
    }
  }
}
