/** Names for proposed zones, assets and conduits: what people called things, without what every template says. */

/**
 * `Net.ClinicalVpc` without `vpc` → `Clinical`. Where nothing else is left, after its stack: `app/CacheStack.SecurityGroup`
 * without `securitygroup` → `Cache`.
 */
export function wordFor(resource: string, noise: RegExp): string {
  const at = resource.lastIndexOf('.');
  const logicalId = withoutHash(resource.slice(at + 1));
  const stack = withoutHash(resource.slice(resource.lastIndexOf('/', at) + 1, Math.max(0, at)));
  const plain = (text: string) => text.replace(noise, '');
  return plain(logicalId) || stack.replace(/\.(cfn|cf|template)$/i, '').replace(/(nested)?stack$/i, '') || logicalId;
}

/** CDK ends its logical ids with eight digits of a hash. */
export function withoutHash(logicalId: string): string {
  return logicalId.replace(/[A-F\d]{8}$/, '');
}

/** Ends as conduits are named by: an asset by its own name, where no other zone has one of that name. */
export function labelsOf(zones: readonly { name: string; assets: readonly { name: string }[] }[]) {
  const owners = new Map<string, number>();
  const names = [...zones, ...zones.flatMap(({ assets }) => assets)].map(({ name }) => name);
  for (const name of names) owners.set(name, (owners.get(name) ?? 0) + 1);
  return (end: string): string => {
    const [, asset] = end.split('/');
    return asset !== undefined && owners.get(asset) === 1 ? asset : end;
  };
}
