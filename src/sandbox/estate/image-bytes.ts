// The manifests and blobs of one image of an estate, made from its description: the same description gives the same
// digests, which is what lets one image stand in four registries.
import { digestOf } from '../azure/content.ts';
import { mediaTypes } from '../azure/registry/manifest-content.ts';
import { layerBytes, seededBytes } from './layer-bytes.ts';
import type { Signer } from './notation.ts';
import type { EstateImage, EstateLayer, EstateReferrer } from './schema.ts';

/** An image ready to be kept. `manifests` are in an order that has children before what names them. */
export interface ImageBytes {
  readonly digest: string;
  /** Digest of each platform's manifest, by `os/architecture`. */
  readonly platforms: ReadonlyMap<string, string>;
  readonly blobs: readonly Buffer[];
  readonly manifests: readonly Buffer[];
  /** What refers to the image: signatures, SBOMs. */
  readonly referrers: readonly Buffer[];
  /** An old-style signature with the tag it stands under. */
  readonly cosign?: { readonly tag: string; readonly manifest: Buffer };
}

interface Part {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';
const configType = 'application/vnd.oci.image.config.v1+json';
const empty = Buffer.from('{}');
const defaultLayers: readonly EstateLayer[] = [{ size: 900 }, { size: 400 }, { size: 300 }];

/** `seed` sets the random bytes apart; `created` is an ISO time for the config; `signer` makes Notation signatures. */
export function imageBytes(image: EstateImage, seed: string, created: string, signer?: Signer): ImageBytes {
  const blobs: Buffer[] = [];
  const manifests: Buffer[] = [];
  const keep = (mediaType: string, bytes: Buffer): Part => {
    blobs.push(bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const platforms = image.platforms ?? ['linux/amd64'];
  const children = platforms.map((platform) => {
    const manifest = platformManifest(image, platform, { seed, created, keep });
    manifests.push(manifest);
    return { platform, ...partOf(mediaTypes.ociImage, manifest) };
  });
  const [only] = children;
  if (only === undefined) throw new Error(`The image ${seed} has no platform.`);
  const root = children.length === 1 ? only : partOf(mediaTypes.ociIndex, index(image, children, manifests));
  const referrers = (image.referrers ?? []).map((one) =>
    referrerManifest(signed(one, root, signer), root, `${seed}/${created}`, keep),
  );
  const cosign = image.cosign === true ? { cosign: cosignOf(root, keep) } : {};
  return {
    digest: root.digest,
    platforms: new Map(children.map((child) => [child.platform, child.digest])),
    blobs,
    manifests,
    referrers,
    ...cosign,
  };
}

interface Making {
  readonly seed: string;
  readonly created: string;
  keep(mediaType: string, bytes: Buffer): Part;
}

function platformManifest(image: EstateImage, platform: string, making: Making): Buffer {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/');
  const layers = (image.layers ?? defaultLayers).map((layer, index) => {
    const name = `${making.seed}/${platform}/${index}`;
    const bytes =
      layer.content === undefined ? seededBytes(name, layer.size ?? 600) : Buffer.from(layer.content);
    const { compressed, diffId } = layerBytes(`opt/part-${index}`, bytes);
    return { part: making.keep(layer.mediaType ?? layerType, compressed), diffId };
  });
  const config = {
    created: making.created,
    architecture,
    os,
    config: { Labels: image.labels ?? {}, Cmd: ['/opt/part-0'] },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map((_, index) => ({ created: making.created, created_by: `COPY part-${index} /opt/` })),
  };
  return json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociImage,
    config: making.keep(configType, json(config)),
    layers: layers.map((layer) => layer.part),
    ...(image.annotations === undefined ? {} : { annotations: image.annotations }),
  });
}

function index(
  image: EstateImage,
  children: readonly (Part & { readonly platform: string })[],
  manifests: Buffer[],
): Buffer {
  const bytes = json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: children.map(({ platform, ...part }) => {
      const [os, architecture] = platform.split('/');
      return { ...part, platform: { architecture, os } };
    }),
    ...(image.annotations === undefined ? {} : { annotations: image.annotations }),
  });
  manifests.push(bytes);
  return bytes;
}

/** A referrer that is a Notation signature gets its envelope and the thumbprints of its certificates. */
function signed(one: EstateReferrer, subject: Part, signer: Signer | undefined): EstateReferrer {
  if (!one.notation || signer === undefined) return one;
  const { mediaType, digest, size } = subject;
  const kind = one.notation === true ? 'good' : one.notation;
  const { envelope, thumbprints } = signer.sign({ mediaType, digest, size }, kind);
  const listed = JSON.stringify(thumbprints);
  return {
    ...one,
    annotations: { ...one.annotations, 'io.cncf.notary.x509chain.thumbprint#S256': listed },
    layers: [{ mediaType: 'application/jose+json', content: envelope.toString('utf8') }],
  };
}

function referrerManifest(one: EstateReferrer, subject: Part, seed: string, keep: Making['keep']): Buffer {
  const layers = (one.layers ?? [{ size: 300 }]).map((layer, index) => {
    const name = `${seed}/${one.artifactType}/${index}`;
    const bytes =
      layer.content === undefined ? seededBytes(name, layer.size ?? 300) : Buffer.from(layer.content);
    return keep(layer.mediaType ?? one.artifactType, bytes);
  });
  return json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociImage,
    artifactType: one.artifactType,
    config: keep('application/vnd.oci.empty.v1+json', empty),
    layers,
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...(one.annotations === undefined ? {} : { annotations: one.annotations }),
  });
}

function cosignOf(root: Part, keep: Making['keep']): { tag: string; manifest: Buffer } {
  const payload = json({
    critical: { image: { 'docker-manifest-digest': root.digest }, type: 'cosign container image signature' },
  });
  const signature = seededBytes(`cosign ${root.digest}`, 70).toString('base64');
  const layer = keep('application/vnd.dev.cosign.simplesigning.v1+json', payload);
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociImage,
    config: keep(
      configType,
      json({ architecture: '', os: '', config: {}, rootfs: { type: 'layers', diff_ids: [layer.digest] } }),
    ),
    layers: [{ ...layer, annotations: { 'dev.cosignproject.cosign/signature': signature } }],
  });
  return { tag: `${root.digest.replace(':', '-')}.sig`, manifest };
}

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const partOf = (mediaType: string, bytes: Buffer): Part => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
});
