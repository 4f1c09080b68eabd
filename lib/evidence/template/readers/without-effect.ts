/**
 * Types that name nouns of the network and change nothing about what can be reached, each with the reason.
 */
import type { Reader, Readers } from './reading';

const REASONS: Readonly<Record<string, string>> = {
  'AWS::AppStream::Stack': 'names endpoints that users come through; the endpoints are read themselves',
  'AWS::EC2::DHCPOptions': 'tells hosts which resolvers to ask',
  'AWS::EC2::FlowLog': 'records what flows and lets nothing through',
  'AWS::EC2::NetworkInsightsAccessScope': 'describes a question about the network',
  'AWS::EC2::NetworkInsightsAnalysis': 'describes a question about the network',
  'AWS::EC2::NetworkInsightsPath': 'describes a question about the network',
  'AWS::EC2::SubnetCidrReservation': 'keeps addresses of a subnet apart',
  'AWS::EC2::TransitGatewayMeteringPolicy': 'decides who pays',
  'AWS::EC2::TransitGatewayMeteringPolicyEntry': 'decides who pays',
  'AWS::EC2::VPCDHCPOptionsAssociation': 'tells hosts which resolvers to ask',
  'AWS::NetworkFirewall::LoggingConfiguration': 'records what a firewall sees',
  'AWS::NetworkManager::Device': 'describes a device on a map',
  'AWS::NetworkManager::TransitGatewayRegistration': 'shows a gateway on a map',
  'AWS::Route53::HostedZone': 'names are found in these VPCs; a name opens no path',
  'AWS::Route53Resolver::FirewallRuleGroupAssociation': 'filters which names a VPC may ask for',
  'AWS::Route53Resolver::ResolverRuleAssociation': 'says who answers which names; a name opens no path',
  'AWS::S3Express::AccessPoint': 'restricts a bucket to a VPC; buckets are reached through the API',
  'AWS::ServiceDiscovery::PrivateDnsNamespace': 'names are found in this VPC; a name opens no path',
};

export const withoutEffectReaders: Readers = Object.fromEntries(
  Object.entries(REASONS).map(([type, noEffect]): [string, Reader] => [type, { model: 'exact', noEffect }]),
);
