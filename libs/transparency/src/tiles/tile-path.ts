import { FormatError } from '../errors/format-error.js';

/** Leaves of a tile, and entries of a bundle: C2SP tlog-tiles has tiles of height 8. */
export const TILE_WIDTH = 256;

/** A tile of hashes, or at level `entries` the bundle of log entries beside a tile of level 0. */
export type TilePath = {
  readonly level: number | 'entries';
  /** From 0. */
  readonly index: number;
  /** 1 to 256 hashes or entries; below 256 the tile is partial. */
  readonly width: number;
};

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** As in `tile/0/x001/x234/067.p/5`, without a slash in front. @throws FormatError when there is no such tile */
export function formatTilePath(path: TilePath): string {
  refuseTilePath(path);
  const { level, index, width } = path;
  const digits = index.toString().padStart(Math.ceil(index.toString().length / 3) * 3, '0');
  const elements = (digits.match(/\d{3}/g) ?? []).map((group, i, all) => (i === all.length - 1 ? group : `x${group}`));
  return `tile/${level}/${elements.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Reads the one path of a tile: needless zeros are refused. @throws FormatError */
export function parseTilePath(text: string): TilePath {
  const [, level, elements = '', width] = (text.length <= 64 ? PATH.exec(text) : null) ?? [];
  if (level === undefined) throw new FormatError('tile path', 'is malformed');
  const path: TilePath = {
    level: level === 'entries' ? level : Number(level),
    index: Number(elements.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (formatTilePath(path) !== text) throw new FormatError('tile path', 'is not in its one form');
  return path;
}

function refuseTilePath({ level, index, width }: TilePath): void {
  if (level !== 'entries' && (!Number.isSafeInteger(level) || level < 0 || level > 63)) {
    throw new FormatError('tile level', 'is not between 0 and 63');
  }
  if (!Number.isSafeInteger(index) || index < 0) throw new FormatError('tile index', 'is not a whole number');
  if (!Number.isSafeInteger(width) || width < 1 || width > TILE_WIDTH) throw new FormatError('tile width', 'is not between 1 and 256');
}
