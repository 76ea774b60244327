import { FormatError } from '@strongroom/transparency';

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** What a log is called on disk and in URLs: the last part of its origin. @throws FormatError when that can be no folder's name */
export function logName(origin: string): string {
  const name = origin.slice(origin.lastIndexOf('/') + 1);
  if (!NAME.test(name)) throw new FormatError('origin', `${origin} does not end in a name of small letters, digits, - and _`);
  return name;
}
