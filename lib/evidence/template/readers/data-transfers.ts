/**
 * How data that AWS itself takes elsewhere, past every packet (facts 38, 39), is noted: what it takes from, and to.
 */
import { type DataTransfer, type ResourceId, UNKNOWN_ACCOUNT } from '../../network';
import type { Resource } from '../resource';
import { holdersIn, wholesNamed } from './data-holders';
import { alternatives, isAbsent, isUnknownProperty, type Property, plainText } from './property';
import { originOf, type Reader, type Reading } from './reading';

export interface Noted {
  readonly says: string;
  /** absent: anything of the account */
  readonly from?: readonly ResourceId[];
  readonly ofNamed?: true;
  /** what no template shows, where that is what it takes from */
  readonly fromUnseen?: DataTransfer['fromUnseen'];
  /** what it takes to, as the template names it; absent: nothing that a template could show */
  readonly to?: Property;
  /** the same, where it is followed already */
  readonly toIds?: readonly ResourceId[];
  /** the service in whose words it is named, where a bare name stands for it */
  readonly service?: string;
}

/** Notes one transfer, or one for each place that a condition decides between; none of what no template shows. */
export function noteTransfer(resource: Resource, reading: Reading, noted: Noted): void {
  if (noted.from?.length === 0) return;
  if (noted.toIds) return addTransfer(resource, reading, noted, noted.toIds, resource.certain);
  for (const { value, certain } of alternatives(noted.to)) {
    const unseen = unseenIn(value, noted.service);
    const ends = isAbsent(value) ? [] : holdersIn(value, reading);
    const shown = ends.length === 0 ? plainText(value) : undefined;
    const says = shown === undefined ? noted.says : `${noted.says} (${shown})`;
    addTransfer(resource, reading, { ...noted, says }, ends, resource.certain && certain, unseen);
  }
}

function addTransfer(
  resource: Resource,
  reading: Reading,
  { says, from, fromUnseen, ofNamed }: Noted,
  to: readonly ResourceId[],
  certain: boolean,
  unseen?: DataTransfer['unseen'],
): void {
  let id = resource.id;
  for (let part = 2; reading.get('transfers', id); part++) id = `${resource.id}#transfer${part}`;
  const taken = { ...(from && { from: [...from] }), ...(fromUnseen && { fromUnseen }), ...(ofNamed && { ofNamed }) };
  const known = { id, origin: originOf(resource), certain, says, to: [...to] };
  reading.add('transfers', { ...known, ...taken, ...(to.length === 0 && unseen && { unseen }) });
}

function unseenIn(to: Property, service: string | undefined): DataTransfer['unseen'] {
  const text = plainText(to);
  if (text === undefined) return undefined;
  const [, , named] = text.split(':');
  const name = text.split(/[:/]/).pop() ?? text;
  return text.startsWith('arn:') && named ? { service: named, name } : service ? { service, name } : undefined;
}

export function takingData(connect: NonNullable<Reader['connect']>): Reader {
  return { model: 'may-must', connect };
}

/** A reader whose resources also take data elsewhere. */
export function transferring(of: Reader, connect: NonNullable<Reader['connect']>): Reader {
  return {
    ...of,
    connect(resource, reading) {
      of.connect?.(resource, reading);
      connect(resource, reading);
    },
  };
}

/** What it takes from; anything, where only deployment tells, of it or of what it is a part of. */
export function fromNamed(property: Property, reading: Reading): Pick<Noted, 'from'> {
  const named = alternatives(property).map(({ value }) => value);
  const isOpen = [...named, ...named.flatMap((value) => wholesNamed(value, reading))].some(isUnknownProperty);
  return isOpen ? {} : { from: holdersIn(property, reading) };
}

/** Of another account, or of nobody knows whose. */
export function isElsewhere(property: Property, { account = UNKNOWN_ACCOUNT }: Resource): boolean {
  if (isUnknownProperty(property)) return true;
  const theirs = plainText(property)?.split(':')[4];
  return theirs !== undefined && theirs !== '' && theirs !== account;
}
