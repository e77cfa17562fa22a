/** Where runs are recorded that `resume` and `runs` look for, unless they are told. */
export const defaultStore = "lmdb:.dataflower";
