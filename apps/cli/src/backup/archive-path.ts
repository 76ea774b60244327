/**
 * Why a name may not be unpacked, or undefined when it may. Names in an archive are relative, with `/`, and stay inside:
 * a backup that came from elsewhere must not write anywhere but into the folder that was asked for.
 */
export function refuseName(name: string): string | undefined {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  if (path === '') return 'is empty';
  if (path.includes('\0')) return 'has a zero byte';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is absolute';
  const parts = path.split('/');
  if (parts.some((part) => part === '..')) return 'leaves the folder';
  if (parts.some((part) => part === '' || part === '.')) return 'is not in its one form';
  return undefined;
}

/**
 * Why the link `name -> target` may not be made, or undefined. A target is relative, goes up first and down afterwards,
 * and stays inside the folder. `..` after a name is refused, since that name may itself be a link.
 */
export function refuseLink(name: string, target: string): string | undefined {
  if (target === '' || target.includes('\0') || target.includes('\\')) return 'points nowhere';
  if (target.startsWith('/') || /^[A-Za-z]:/.test(target)) return 'points to an absolute path';
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const climbs = ups === -1 ? parts.length : ups;
  if (parts.slice(climbs).includes('..')) return 'goes up again after going down';
  if (climbs > name.split('/').length - 1) return 'points out of the folder';
  return undefined;
}
