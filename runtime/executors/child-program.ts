/**
 * The program of a child process. It stands in this folder, one above the program's own, as the address has to hold from where the joined
 * files lie, too.
 */
export const childProgram = new URL("../executors/process/child-main.js", import.meta.url);
