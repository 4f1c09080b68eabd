/**
 * The resource rules, by service; each file states one good state. Imports the rule's form and readers, nothing else.
 */
import type { SegmentationRule } from '../rule';
import { ClientVpnAuthorizesNamedGroups } from './ec2/ClientVpnAuthorizesNamedGroups';
import { EndpointServiceRequiresKnownPrincipal } from './ec2/EndpointServiceRequiresKnownPrincipal';
import { InstanceConnectEndpointNamesSecurityGroup } from './ec2/InstanceConnectEndpointNamesSecurityGroup';
import { InstanceHasNoPublicAddress } from './ec2/InstanceHasNoPublicAddress';
import { InstanceStaysInOneSubnet } from './ec2/InstanceStaysInOneSubnet';
import { InterfaceChecksSourceAndDestination } from './ec2/InterfaceChecksSourceAndDestination';
import { PeeringServesConduit } from './ec2/PeeringServesConduit';
import { PrefixListHasNoOpenRange } from './ec2/PrefixListHasNoOpenRange';
import { SecurityGroupHasNoOpenRule } from './ec2/SecurityGroupHasNoOpenRule';
import { SubnetDoesNotAutoAssignPublicAddress } from './ec2/SubnetDoesNotAutoAssignPublicAddress';
import { TransitGatewayDefaultsOff } from './ec2/TransitGatewayDefaultsOff';
import { VpcEndpointHasPolicy } from './ec2/VpcEndpointHasPolicy';
import { VpcEndpointNamesSecurityGroup } from './ec2/VpcEndpointNamesSecurityGroup';
import { VpcHasFlowLog } from './ec2/VpcHasFlowLog';
import { LoadBalancerIsInternal } from './elasticloadbalancing/LoadBalancerIsInternal';
import { FunctionUrlRequiresIam } from './lambda/FunctionUrlRequiresIam';
import { FlowLogsRetained } from './logs/FlowLogsRetained';
import { LogGroupRetained } from './logs/LogGroupRetained';
import { FirewallDropsByDefault } from './networkfirewall/FirewallDropsByDefault';
import { NetworkIsNotShared } from './ram/NetworkIsNotShared';
import { DatabaseHasNoDataApi } from './rds/DatabaseHasNoDataApi';
import { DatabaseNotPublic } from './rds/DatabaseNotPublic';
import { DataStoreEncrypted } from './rds/DataStoreEncrypted';
import { DataStoreHasOwnSecurityGroup } from './rds/DataStoreHasOwnSecurityGroup';
import { BucketBlocksPublicAccess } from './s3/BucketBlocksPublicAccess';
import { LatticeRequiresCaller } from './vpclattice/LatticeRequiresCaller';

export const RULES: readonly SegmentationRule[] = [
  ClientVpnAuthorizesNamedGroups,
  EndpointServiceRequiresKnownPrincipal,
  InstanceConnectEndpointNamesSecurityGroup,
  InstanceHasNoPublicAddress,
  InstanceStaysInOneSubnet,
  InterfaceChecksSourceAndDestination,
  PeeringServesConduit,
  PrefixListHasNoOpenRange,
  SecurityGroupHasNoOpenRule,
  SubnetDoesNotAutoAssignPublicAddress,
  TransitGatewayDefaultsOff,
  VpcEndpointHasPolicy,
  VpcEndpointNamesSecurityGroup,
  VpcHasFlowLog,
  LoadBalancerIsInternal,
  FunctionUrlRequiresIam,
  FlowLogsRetained,
  LogGroupRetained,
  FirewallDropsByDefault,
  NetworkIsNotShared,
  DataStoreEncrypted,
  DataStoreHasOwnSecurityGroup,
  DatabaseHasNoDataApi,
  DatabaseNotPublic,
  BucketBlocksPublicAccess,
  LatticeRequiresCaller,
];
