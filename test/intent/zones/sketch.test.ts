import { readEstate } from '../../../lib/intent/zones';

/** DESIGN §2, word for word. */
const SKETCH = `cordon: 1
estate: riverside
region: eu-west-2
availabilityZones: 2
addressing: { pool: 10.64.0.0/12 }        # every VPC zone gets a block; adding a zone never moves another's

sites:
  main-campus: { connect: vpn, gateway: { ip: 203.0.113.10, asn: 65010 } }

zones:
  guest-wifi:
    purpose: Visitor internet access in wards and waiting areas
    at: { site: main-campus, cidr: 10.200.0.0/18 }
    trust: untrusted                       # untrusted | restricted | trusted
    data: none                             # none | internal | phi
  clinical-devices:
    at: { site: main-campus, cidr: 10.130.0.0/17 }
    trust: restricted
    data: phi
    assets: { monitor-gateway: { cidr: 10.130.4.0/26 } }
  ehr:
    at: { vpc: { size: 22 } }
    data: phi
    assets:
      app: { serves: [fhir, hl7-mllp-tls] }
      database: { serves: [postgres], from: [app] }     # inside a zone too: denied unless said
    awsServices: [kms, logs, secretsmanager, { s3: [chart-archive] }]

conduits:
  vitals-to-chart:
    from: clinical-devices/monitor-gateway
    to: ehr/app
    allow: [hl7-mllp-tls]
    why: Bedside vitals (HL7 ORU^R01) reach the chart within a minute
    who: Integration engine service account
    owner: Clinical engineering
    approved: { by: Segmentation board, on: 2026-10-01 }
    review: 2027-04-01

never:
  - { from: guest-wifi, to: { data: phi }, through: anything }   # also by hopping through permitted conduits
  - { from: internet, to: { data: phi }, except: [telehealth-edge] }   # only through a declared gate
`;

const TELEHEALTH_EDGE = `zones:
  telehealth-edge:
    at: { vpc: { size: 24 } }
    data: phi
    gate: Video visits and the portal end here, behind a login
`;

describe('the sketch of the design', () => {
  test('names one zone that it does not declare, and that is its only mistake', () => {
    const { model, diagnostics } = readEstate([{ file: 'sketch.yaml', text: SKETCH }], { today: '2026-11-23' });
    expect(model).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'ZONE_UNKNOWN', span: { file: 'sketch.yaml', line: 42 } }]);
  });

  test('is an estate once that zone exists', () => {
    const files = [
      { file: 'sketch.yaml', text: SKETCH },
      { file: 'edge.yaml', text: TELEHEALTH_EDGE },
    ];
    const { model, diagnostics } = readEstate(files, { today: '2026-11-23' });
    expect(diagnostics).toEqual([]);
    expect(model?.zones.map(({ name }) => name)).toEqual(['clinical-devices', 'ehr', 'guest-wifi', 'telehealth-edge']);
    expect(model?.conduits).toMatchObject([
      {
        name: 'vitals-to-chart',
        from: { zone: 'clinical-devices', asset: 'monitor-gateway' },
        to: { zone: 'ehr', asset: 'app' },
      },
    ]);
    expect(model?.obligations.map(({ id }) => id)).toEqual([
      'guest-wifi-to-phi',
      'internet-to-phi',
      'standing-internet-to-patient-data',
      'standing-patient-data-to-internet',
      'standing-untrusted-to-patient-data',
    ]);
  });
});
