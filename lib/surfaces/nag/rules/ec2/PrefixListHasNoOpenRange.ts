import { openRange } from '../../ranges';
import type { SegmentationRule } from '../../rule';
import { bagsAt, textAt } from '../../subject';

export const PrefixListHasNoOpenRange: SegmentationRule = {
  name: 'PrefixListHasNoOpenRange',
  types: ['AWS::EC2::PrefixList'],
  info: 'The prefix list holds a range that is open to the internet. List the ranges that are meant.',
  explanation: 'A rule by prefix list is as wide as its widest entry, and reads as if it were narrow.',
  findings: ({ properties }) => {
    const entries = bagsAt(properties, 'Entries').flatMap((entry) => textAt(entry, 'Cidr') ?? []);
    return entries.flatMap((cidr) => openRange(cidr) ?? []);
  },
};
