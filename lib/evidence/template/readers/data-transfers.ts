/**
 * How data that AWS itself takes elsewhere, past every packet (facts 38, 39), is noted: what it takes from, and to.
 */
import { type DataTransfer, type ResourceId, UNKNOWN_ACCOUNT } from '../../network';
import type { Resource } from '../resource';
import { holdersIn } from './data-holders';
import { isUnknownProperty, type Property, plainText } from './property';
import { originOf, type Reader, type Reading } from './reading';

export interface Noted {
  readonly says: string;
  /** absent: anything of the account */
  readonly from?: readonly ResourceId[];
  /** what no template shows, where that is what it takes from */
  readonly fromUnseen?: DataTransfer['fromUnseen'];
  /** what it takes to, as the template names it; absent: nothing that a template could show */
  readonly to?: Property;
  /** the same, where it is followed already */
  readonly toIds?: readonly ResourceId[];
  /** the service in whose words it is named, where a bare name stands for it */
  readonly service?: string;
}

/** Notes one transfer; none where what it takes from is told, and no template shows it. */
export function noteTransfer(resource: Resource, reading: Reading, noted: Noted): void {
  const { says, from, to, toIds } = noted;
  if (from?.length === 0) return;
  const { certain } = resource;
  const ends = toIds ?? (to === undefined ? [] : holdersIn(to, reading));
  const unseen = ends.length > 0 ? undefined : unseenIn(to, noted.service);
  let id = resource.id;
  for (let part = 2; reading.get('transfers', id); part++) id = `${resource.id}#transfer${part}`;
  const taken = { ...(from && { from: [...from] }), ...(noted.fromUnseen && { fromUnseen: noted.fromUnseen }) };
  const known = { id, origin: originOf(resource), certain, says: unseen ? `${says} (${unseen.name})` : says };
  reading.add('transfers', { ...known, ...taken, to: [...ends], ...(unseen && { unseen }) });
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

/** What it takes from; anything, where only deployment tells. */
export function fromNamed(property: Property, reading: Reading): Pick<Noted, 'from'> {
  const from = holdersIn(property, reading);
  return from.length === 0 && isUnknownProperty(property) ? {} : { from };
}

/** Of another account, or of nobody knows whose. */
export function isElsewhere(property: Property, { account = UNKNOWN_ACCOUNT }: Resource): boolean {
  if (isUnknownProperty(property)) return true;
  const theirs = plainText(property)?.split(':')[4];
  return theirs !== undefined && theirs !== '' && theirs !== account;
}
