/** Numbers of the pipes in a child process: see protocol.ts. In a file of its own, as the watch thread loads nothing that it does not need. */
export const requestsFd = 3;
export const answersFd = 4;
export const lifelineFd = 5;
