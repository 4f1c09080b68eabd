/** The rules that hold between declarations: what each one says may be right and the whole still wrong. */
import type { DiagnosticLog } from './diagnostic-codes';
import type { Resolved } from './resolve-estate';
import { validateAddresses } from './validate-addresses';
import { validateConduits } from './validate-conduits';
import { validateObligations } from './validate-obligations';
import { validateUsage } from './validate-usage';
import type { ZoneDocument } from './zone-document';

export function validateEstate(
  resolved: Resolved,
  document: ZoneDocument,
  options: { readonly today?: string },
  log: DiagnosticLog,
): void {
  const { model, claims, services } = resolved;
  validateAddresses(model, claims, log);
  validateConduits(model, log);
  validateObligations(model, log);
  validateUsage(model, document, services, options.today, log);
}
