/**
 * The few questions that rules ask of policy documents.
 */
import { bagAt, isIntrinsic, isRecord, outlineOf, type Properties, UndecidedProperty } from './subject';

/** An endpoint for a PrivateLink service of someone's own; AWS's services have names of another form. */
export function isPrivateLinkService(endpoint: Properties): boolean {
  const name = outlineOf(endpoint.ServiceName);
  if (/^com\.amazonaws\.vpce\.|^\$\{.*VPCEndpointService/i.test(name)) return true;
  if (/^(com|aws|cn\.com)\./.test(name)) return false;
  throw new UndecidedProperty('ServiceName', endpoint.ServiceName);
}

export function statementsOf(policy: Properties): readonly Properties[] {
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  return statements.map((statement: unknown) => {
    if (!isRecord(statement) || isIntrinsic(statement)) throw new UndecidedProperty('Statement', statement);
    return statement;
  });
}

/** Any action by anyone on anything, without a condition: what an absent policy says. */
export function allowsEverything(statement: Properties): boolean {
  if (statement.Effect !== 'Allow' || Object.keys(bagAt(statement, 'Condition')).length > 0) return false;
  const anyone =
    isWildcard(statement.Principal) || (isRecord(statement.Principal) && isWildcard(statement.Principal.AWS));
  return anyone && isWildcard(statement.Action) && isWildcard(statement.Resource);
}

function isWildcard(value: unknown): boolean {
  return (Array.isArray(value) ? value : [value]).some((each) => each === '*');
}
