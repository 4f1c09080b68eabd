/** A kind of hole: where it can be made, and how. */
import type { Hit, Templates } from '../templates';

export interface Kind {
  readonly name: string;
  /** every place in these templates where it can be made */
  readonly places: (templates: Templates) => readonly Hit[];
  /** makes it there; `at` is one of the places, in these templates */
  readonly make: (templates: Templates, at: Hit) => void;
  /** of a second line of defence, which in no estate stands alone: takes away the others, so that it is seen to matter */
  readonly bare?: (templates: Templates) => void;
}

export function at(type: string, name: string, make: Kind['make'], fits: (hit: Hit) => boolean = () => true): Kind {
  return { name, make, places: (templates) => templates.all(type).filter(fits) };
}

type Properties = Record<string, unknown>;

/** Adds a resource under a name that nobody uses. */
export function add(templates: Templates, beside: Hit, type: string, properties: Properties): { Ref: string } {
  for (let number = 0; ; number++) {
    const id = `Hole${number}${type.replace(/\W/g, '')}`;
    const isFree = templates.all(type).every(({ logicalId }) => logicalId !== id);
    if (!isFree) continue;
    templates.add(beside, id, type, properties);
    return { Ref: id };
  }
}

const text = (value: unknown) => JSON.stringify(value ?? null);

/** Whether two resources are in one VPC, as far as their templates say so in the same words. */
export const isBeside = (one: Hit, other: Hit) =>
  one.stack === other.stack && text(one.resource.Properties.VpcId) === text(other.resource.Properties.VpcId);

/** A group of the VPC that a subnet is in; the VPC's default one where no template has any. */
export function groupsBeside(templates: Templates, subnet: Hit): unknown[] {
  const group = templates.all('AWS::EC2::SecurityGroup').find((one) => isBeside(one, subnet));
  return group ? [{ 'Fn::GetAtt': [group.logicalId, 'GroupId'] }] : [];
}

export const idOf = ({ logicalId }: Hit) => ({ Ref: logicalId });
export const vpcOf = ({ resource }: Hit) => resource.Properties.VpcId;
export const groupIdOf = ({ logicalId }: Hit) => ({ 'Fn::GetAtt': [logicalId, 'GroupId'] });
