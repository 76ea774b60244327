/** For specs only: a bug that a suite must find, as a change of one place in the compiled code. */
export interface PlantedBug {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The spec that states the rule, below dist/; one called `.medium` writes to a real disk. */
  readonly spec: string;
}

/** @param spec without `.spec.js` */
export const bugsOf =
  (file: string, spec: string) =>
  (name: string, find: string, replace: string, otherSpec: string = spec): PlantedBug => ({
    name,
    file,
    find,
    replace,
    spec: `${otherSpec}.spec.js`,
  });
