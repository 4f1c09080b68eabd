/**
 * The estate that the mutation suite breaks: small, and with one of everything that the plan can emit. VPCs of a zone's
 * own, a shared one, endpoint, transit, local and internet conduits, a reverse one back to the campus, AWS services.
 * One availability zone, because a second one doubles the work and breaks in no other way.
 */
export const MUTATION_ESTATE = `
cordon: 1
estate: mutant
region: eu-west-2
availabilityZones: 1
addressing: { pool: 10.64.0.0/12 }

sites:
  main: { connect: vpn, gateway: { ip: 203.0.113.10, asn: 65010 }, filtersSources: true }

vpcs:
  core: { size: 21 }

zones:
  ward:
    purpose: Ward workstations and bedside devices
    at: { site: main, cidr: 10.130.0.0/20 }
    trust: restricted
    data: phi
  guest:
    purpose: Visitors' phones
    at: { site: main, cidr: 10.200.0.0/20 }
    trust: untrusted
    data: none
  portal:
    purpose: Patients read their letters
    at: { vpc: { size: 22 } }
    trust: restricted
    data: phi
    gate: Patients come in here, and nowhere else
    assets: { web: { serves: [https] } }
  ehr:
    purpose: The chart
    at: { vpc: { size: 22 } }
    trust: trusted
    data: phi
    assets:
      app: { serves: [https, hl7-mllp-tls] }
      database: { serves: [postgres], from: [app] }
    awsServices: [kms, logs, { s3: [chart-archive] }]
  archive:
    purpose: Images
    at: { vpc: { size: 22 } }
    trust: trusted
    data: phi-bulk
    assets: { store: { serves: [dicom-tls] } }
  lab:
    purpose: Laboratory information system
    at: { vpc: core, size: 23 }
    trust: trusted
    data: phi
    assets:
      lis: { serves: [https] }
      results: { serves: [postgres], from: [lis] }
  pharmacy:
    purpose: Dispensing
    at: { vpc: core, size: 23 }
    trust: trusted
    data: phi
    assets: { server: { serves: [https] } }
  research:
    purpose: De-identified analysis; no conduit leads from or to it
    at: { vpc: { size: 22 } }
    trust: restricted
    data: deidentified
    assets: { notebooks: {} }

conduits:
  ward-opens-chart: { from: ward, to: ehr/app, allow: [https], why: Wards open the chart, who: Ward staff, owner: Wards, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
  ward-stores-images: { from: ward, to: archive/store, allow: [dicom-tls], why: Modalities store images, who: Modalities, owner: Imaging, approved: { by: [Board, Clinical safety], on: 2026-10-01 }, review: 2027-06-01 }
  archive-confirms-storage: { from: archive/store, to: ward, allow: [dicom-tls], why: Storage commitment comes back, who: Archive, owner: Imaging, approved: { by: [Board, Clinical safety], on: 2026-10-01 }, review: 2027-06-01 }
  ward-asks-lab: { from: ward, to: lab/lis, allow: [https], why: Wards read results, who: Ward staff, owner: Wards, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
  internet-to-portal: { from: internet, to: portal/web, allow: [https], why: Patients read their letters, who: Patients, owner: Portal, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
  portal-reads-chart: { from: portal/web, to: ehr/app, allow: [https], why: The portal shows the chart, who: Portal, owner: Portal, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
  lab-reports: { from: lab/lis, to: ehr/app, allow: [hl7-mllp-tls], why: Results reach the chart, who: Lab, owner: Lab, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
  chart-shows-images: { from: ehr/app, to: archive/store, allow: [dicom-tls], why: The chart shows images, who: Chart, owner: Imaging, approved: { by: [Board, Clinical safety], on: 2026-10-01 }, review: 2027-06-01 }
  pharmacy-checks-lab: { from: pharmacy/server, to: lab/lis, allow: [https], why: Doses follow kidney values, who: Pharmacy, owner: Pharmacy, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }

never:
  - { from: guest, to: { data: phi }, through: anything }
  - { from: research, to: { data: phi }, through: anything }
`;
