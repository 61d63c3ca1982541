// Private endpoints as far as a registry needs them: the DNS zone groups, which Resource Graph does not have.
import { notFound } from './errors.ts';
import type { ArmRoute } from './request.ts';
import { allow, type ArmWorld, factsOf } from './world.ts';

export function networkRoutes(world: ArmWorld): readonly ArmRoute[] {
  return [
    {
      name: 'privateDnsZoneGroups.list',
      method: 'GET',
      path: /^(\/subscriptions\/.+\/providers\/Microsoft\.Network\/privateEndpoints\/[^/]+)\/privateDnsZoneGroups$/i,
      answer: (request, [id = '']) => {
        const exactId = world.resourceIds.get(id.toLowerCase());
        if (exactId === undefined) throw notFound(id);
        allow(world, request, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read', exactId);
        const { privateDnsZoneGroups = [] } = factsOf(world, exactId);
        const value = privateDnsZoneGroups.map((group) => ({
          id: `${exactId}/privateDnsZoneGroups/${group.name}`,
          ...group,
        }));
        return { status: 200, body: { value } };
      },
    },
  ];
}
