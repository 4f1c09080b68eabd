/**
 * NetworkPlan -> stacks: a hub, one per site, one per VPC, one per zone of a shared VPC, and one per VPC for what it needs of others.
 *
 * Order of dependence, so that nothing can go round: hub <- site <- VPC <- zone of a shared VPC <- links.
 */
import { type Environment, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type AddressLedger, type NetworkPlan, planNetwork } from '../plan';
import type { ZoneModel } from '../zones';
import { EstateError } from './estate-error';
import { HubStack } from './hub-stack';
import { LinksStack, routesToVpcs } from './links-stack';
import { SiteStack } from './site-stack';
import { tagsOf } from './tags';
import { VpcStack } from './vpc-stack';
import { ZoneAttachment } from './zone-attachment';

export interface EstateProps {
  /** the plan, or the zones to plan from */
  readonly plan?: NetworkPlan;
  readonly model?: ZoneModel;
  /** with `model`: ranges recorded by an earlier plan */
  readonly ledger?: AddressLedger;
  /** the region is the estate's; without an account the templates fit any */
  readonly env?: Environment;
}

export class Estate extends Construct {
  readonly plan: NetworkPlan;
  readonly hub: HubStack;
  private readonly vpcs = new Map<string, VpcStack>();
  private readonly attachments = new Map<string, ZoneAttachment>();
  private readonly linksOf = new Map<string, LinksStack>();

  /** @throws EstateError where the zones cannot be planned */
  constructor(scope: Construct, id: string, props: EstateProps) {
    super(scope, id);
    this.plan = props.plan ?? planOf(props);
    const { plan } = this;
    const env = { region: plan.region, ...props.env };
    this.hub = new HubStack(this, 'hub', plan, { ...this.naming('hub', `Hub of ${plan.estate}`), env });
    const sites = this.createSites(env);
    for (const vpcPlan of plan.vpcs) {
      const naming = this.naming(vpcPlan.name, `VPC ${vpcPlan.name} of ${plan.estate}`);
      const props_ = { ...naming, env, estatePlan: plan, vpcPlan, hub: this.hub, sites };
      const vpc = new VpcStack(this, vpcPlan.name, props_);
      this.vpcs.set(vpcPlan.name, vpc);
      if (vpcPlan.shared) for (const zone of vpcPlan.zones) this.createZoneStack(vpc, zone, env);
    }
    for (const vpcPlan of plan.vpcs) {
      if (vpcPlan.interfaceEndpoints.length === 0 && routesToVpcs(plan, vpcPlan.name).length === 0) continue;
      const naming = this.naming(vpcPlan.name, `What VPC ${vpcPlan.name} of ${plan.estate} needs of others`, '-links');
      const props_ = { ...naming, env, estatePlan: plan, vpcPlan, vpcs: this.vpcs };
      this.linksOf.set(vpcPlan.name, new LinksStack(this, `${vpcPlan.name}-links`, props_));
    }
  }

  /** What workloads attach to. */
  zone(name: string): ZoneAttachment {
    const known = this.attachments.get(name);
    if (known) return known;
    const vpc = [...this.vpcs.values()].find(({ plan }) => plan.zones.includes(name));
    if (!vpc) {
      const names = this.plan.vpcs.flatMap(({ zones }) => zones).sort();
      throw new RangeError(`\`${name}\` is not a zone in AWS; expected one of: ${names.join(', ')}`);
    }
    const attachment = new ZoneAttachment(vpc, name, this.plan.availabilityZones);
    this.attachments.set(name, attachment);
    return attachment;
  }

  /** The interface endpoint by which a zone reaches an asset of another VPC (`zone/asset`): its DNS names are what clients call. */
  endpoint(zone: string, responder: string) {
    const key = `${zone}->${responder}`;
    for (const links of this.linksOf.values()) {
      const endpoint = links.endpoints.get(key);
      if (endpoint) return endpoint;
    }
    throw new RangeError(`no conduit gives zone \`${zone}\` an endpoint to \`${responder}\``);
  }

  private createSites(env: Environment): ReadonlyMap<string, SiteStack> {
    const { plan } = this;
    const { transitGatewayId } = this.hub;
    if (transitGatewayId === undefined) return new Map();
    const sites = (plan.transit?.vpns ?? []).map((vpnPlan) => {
      const naming = this.naming(vpnPlan.site, `Site ${vpnPlan.site} of ${plan.estate}`, '-site');
      const stack = new SiteStack(this, `${vpnPlan.site}-site`, {
        ...naming,
        env,
        estatePlan: plan,
        vpnPlan,
        transitGatewayId,
      });
      return [vpnPlan.site, stack] as const;
    });
    return new Map(sites);
  }

  private createZoneStack(vpc: VpcStack, zone: string, env: Environment): void {
    vpc.createZone(new Stack(this, zone, { ...this.naming(zone, `Zone ${zone} of ${this.plan.estate}`), env }), zone);
  }

  private naming(of: string, description: string, suffix = '') {
    const tags = Object.fromEntries(tagsOf({ estate: this.plan.estate }).map(({ key, value }) => [key, value]));
    const name = `${this.plan.stackNames[of] ?? of}${suffix}`;
    return { stackName: `${this.plan.estate}-${name}`, description: description.slice(0, 1024), tags };
  }
}

function planOf({ model, ledger }: EstateProps): NetworkPlan {
  if (!model) throw new TypeError('an Estate needs a `plan` or a `model`');
  const { plan, diagnostics } = planNetwork(model, { ledger });
  if (!plan) throw new EstateError(diagnostics);
  return plan;
}
