/** The parts of a registry's resource id. Throws on anything else: ids come from the policy, which has checked them. */
export function parseRegistryId(id: string): { subscription: string; resourceGroup: string; name: string } {
  const match =
    /^\/+subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerRegistry\/registries\/([^/]+)$/i.exec(
      id,
    );
  const [, subscription, resourceGroup, name] = match ?? [];
  if (!subscription || !resourceGroup || !name)
    throw new TypeError(`not the resource id of a registry: ${id}`);
  return { subscription, resourceGroup, name };
}
