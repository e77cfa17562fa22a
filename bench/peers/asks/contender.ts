/** A question and its answer: the number that was asked for, plus one. */
export interface Asking {
  ask(question: number): Promise<number>;
  close(): Promise<void>;
}

export interface AskContender {
  readonly name: string;
  /** Starts whatever answers, and waits until it does. */
  open(): Promise<Asking>;
}
