// Azure regions with and without availability zones. Source: Microsoft, "List of Azure regions" (learn.microsoft.com/
// azure/reliability/regions-list), read November 2026. A region in neither list is unknown, not assumed.

const zoned =
  'australiaeast austriaeast belgiumcentral brazilsouth canadacentral centralindia centralus chilecentral eastasia eastus eastus2 ' +
  'francecentral germanywestcentral indonesiacentral israelcentral italynorth japaneast japanwest koreacentral malaysiawest ' +
  'mexicocentral newzealandnorth northeurope norwayeast polandcentral qatarcentral southafricanorth southcentralus ' +
  'southeastasia spaincentral swedencentral switzerlandnorth uaenorth uksouth westeurope westus2 westus3';
const single =
  'australiacentral australiacentral2 australiasoutheast brazilsoutheast canadaeast francesouth germanynorth koreasouth ' +
  'northcentralus norwaywest southafricawest southindia switzerlandwest uaecentral ukwest westcentralus westindia westus';

const zones = new Map<string, boolean>([
  ...zoned.split(' ').map((region) => [region, true] as const),
  ...single.split(' ').map((region) => [region, false] as const),
]);

/** Regions without availability zones. */
export const singleZoneRegions: readonly string[] = single.split(' ');

/** `West Europe` and `westeurope` are one region. */
export const normalRegion = (location: string): string => location.toLowerCase().replaceAll(' ', '');

/** Whether a normalised region has availability zones; `undefined` if it is not listed. */
export const hasZones = (region: string): boolean | undefined => zones.get(region);
