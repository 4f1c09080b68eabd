/**
 * What balancers reach in their own names. It does not depend on whose packets they answer, so it is worked out once. They
 * may call one another, in circles too: each is walked by itself, then what one reaches is told to those that call it
 * until nobody learns anything (a least fixpoint).
 */
import type { PacketSet } from '../../base/net';
import { Uses } from '../forwarding';
import { ALL_KEPT, type Chain } from './chain';
import type { Departure } from './leg';
import { Question } from './question';

interface Proxy {
  readonly packets: PacketSet;
  readonly question: Question;
}

export class Proxies {
  private readonly known = new Map<string, Proxy[]>();
  private readonly walked = new Set<Question>();

  /** `walk`: walks every leg of a question. */
  constructor(private readonly walk: (question: Question) => void) {}

  /** `chain` goes on as packets of the balancer's own, which `departures` are; `key` says whose and to whom. */
  call(question: Question, chain: Chain, key: string, packets: PacketSet, departures: readonly Departure[]): void {
    const asked = `${key} ${question.extraKey}`;
    const alike = this.known.get(asked) ?? [];
    this.known.set(asked, alike);
    let proxy = alike.find((one) => one.packets.equals(packets));
    if (!proxy) {
      // A conversation of its own, whoever asked first: it may pass again what its client's packets passed.
      const { origin, intended } = chain;
      const sender = origin.kind === 'party' ? origin.party.end : question.from;
      proxy = {
        packets,
        question: new Question(sender, undefined, question.extra, new Uses(), question.approximation),
      };
      const alone: Chain = { origin, intended, via: [], keeps: ALL_KEPT, passed: new Set() };
      proxy.question.later({ chain: alone, departures });
      alike.push(proxy);
    }
    question.call(chain, proxy.question);
  }

  /** Adds to a question that was walked what those it calls reach. */
  settle(question: Question): void {
    const fresh: Question[] = [];
    const open = [question];
    for (let one = open.pop(); one; one = open.pop()) {
      for (const { proxy } of one.calls) {
        if (this.walked.has(proxy)) continue;
        this.walked.add(proxy);
        this.walk(proxy);
        fresh.push(proxy);
        open.push(proxy);
      }
    }
    // Whoever is called comes before its callers, but for those in circles.
    fresh.reverse();
    while (fresh.filter((one) => one.learn()).length > 0);
    question.learn();
  }
}
