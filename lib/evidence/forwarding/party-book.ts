import type { End, ResourceId } from '../network';
import { endKey } from '../network';
import type { ForwardingGraph } from './forwarding-graph';
import { declaredParty, type Party, potentialParty } from './party';

/** The parties of a network, each made once. */
export class PartyBook {
  private readonly parties = new Map<string, Party>();
  private readonly partiesBySubnet = new Map<ResourceId, readonly Party[]>();

  constructor(private readonly graph: ForwardingGraph) {}

  private get index() {
    return this.graph.index;
  }

  party(end: End): Party | undefined {
    if (end.kind !== 'subnet' && end.kind !== 'interface') return undefined;
    const key = endKey(end);
    let party = this.parties.get(key);
    if (!party) {
      if (end.kind === 'subnet') {
        const subnet = this.index.subnets.get(end.id);
        party = subnet && potentialParty(this.graph, subnet, end);
      } else {
        const noun = this.index.interfaces.get(end.id);
        party = noun && declaredParty(this.graph, noun);
      }
      if (party) this.parties.set(key, party);
    }
    return party;
  }

  /** Who may have an address in a subnet: anything launched there, and what the templates create. */
  partiesIn(subnet: ResourceId): readonly Party[] {
    let parties = this.partiesBySubnet.get(subnet);
    if (!parties) {
      const ends: End[] = [{ kind: 'subnet', id: subnet }];
      for (const noun of this.index.interfacesIn(subnet)) {
        if (noun.certain || this.graph.approximation === 'may') ends.push({ kind: 'interface', id: noun.id });
      }
      parties = ends.flatMap((end) => this.party(end) ?? []);
      this.partiesBySubnet.set(subnet, parties);
    }
    return parties;
  }
}
