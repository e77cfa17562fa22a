import type { RingProducer } from "../memory/ring-producer.js";
import { frameFault } from "./failpoint.js";
import type { FramePointName } from "./failpoint-plan.js";

/** The producer itself; in a test that plants faults for frames, one that loses or doubles those of this point as the plan says. */
export function unreliable(producer: RingProducer, point: FramePointName): RingProducer {
  if (frameFault === undefined) return producer;
  const fate = frameFault;
  const publish = producer.publish.bind(producer);
  producer.publish = () => {
    const fault = fate(point);
    if (fault === "drop") producer.lose();
    else if (fault === "double") producer.double();
    else publish();
  };
  return producer;
}
