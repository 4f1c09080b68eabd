import type { Address, Prefix } from './address';

/** A set of addresses of both families. */
export declare class AddressSet {
  static readonly EMPTY: AddressSet;
  static readonly ALL: AddressSet;
  static readonly ALL_IPV4: AddressSet;
  static readonly ALL_IPV6: AddressSet;
  static of(...prefixes: Prefix[]): AddressSet;
  union(other: AddressSet): AddressSet;
  intersect(other: AddressSet): AddressSet;
  subtract(other: AddressSet): AddressSet;
  isSubsetOf(other: AddressSet): boolean;
  equals(other: AddressSet): boolean;
  isEmpty(): boolean;
  has(address: Address): boolean;
  /** the lowest address, or undefined where it is empty */
  sample(): Address | undefined;
  /** the fewest prefixes that cover exactly this set, in order */
  prefixes(): Prefix[];
}
