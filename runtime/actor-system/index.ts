/**
 * The door `dataflower/actors`: actors for programs of your own, on this thread and on workers; a test kit that has their turns and their time
 * in its hand; and the kernel below, which the workflows' own actors run on.
 */
export type { Actor, ActorRef as KernelRef, SpawnOptions as KernelSpawnOptions, Start } from "../../actors/kernel/actor.js";
export { type Clock, ManualClock } from "../../actors/kernel/clock.js";
export type { DeadLetter, DeadLetterReason, DeadLetters } from "../../actors/kernel/dead-letters.js";
export { DataFlowerError, type ErrorCode } from "../../actors/kernel/errors.js";
export { batchMessagesMax, deadLettersKeptMax, mailboxDepthDefault, restartsMax, restartWindowMs } from "../../actors/kernel/limits.js";
export { type Directive, escalateOnFailure, type Supervise, stopOnFailure } from "../../actors/kernel/supervision.js";
export { ActorSystem, type SystemOptions } from "../../actors/kernel/system.js";
export type { Behaviour, DefinitionOptions } from "../../actors/local/definition.js";
export type { Outcome } from "../../actors/local/outcome.js";
export type { MailboxOptions, SpawnOptions, Supervision } from "../../actors/local/spawn-settings.js";
export type { Terminated } from "../../actors/local/terminated.js";
export type { Exploration, ExploreOptions } from "../../actors/testing/explore.js";
export type { Choose } from "../../actors/testing/stepped-system.js";
export type { TestKitOptions } from "../../actors/testing/test-kit.js";
export type { Duration } from "../authoring/quantity.js";
export { type ActorContext, type ActorDefinition, defineActor, type SpawnArguments } from "./actor-definition.js";
export type { ActorRef, AnswerTo, AskOptions, Question } from "./actor-ref.js";
export type { ActorSource, Actors, ArgsOf, CloseOptions, MessageOf } from "./actor-system.js";
export { createActorSystem } from "./create-actor-system.js";
export { type DeadLetterReader, type DeadLetterStream, deadLettersWaitingMax } from "./dead-letter-stream.js";
export type { ActorSystemLimits, ActorSystemOptions } from "./options.js";
export { createTestKit, explore, type Probe, type TestKit } from "./test-kit.js";
export { askMsDefault } from "./thread-ref.js";
