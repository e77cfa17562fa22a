/** A store's URL as it may be shown, also where it is none. What stands before the last @ may be a password, whatever it holds. */
export const withoutCredentials = (url: string): string => url.replace(/(?<=\/\/).*@/s, "***@");
