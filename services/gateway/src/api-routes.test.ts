import type { DescMessage } from "@bufbuild/protobuf";
import * as Gateway from "@resonance/mq-proto/gateway";
import * as Logic from "@resonance/mq-proto/logic";
import { expect, test } from "vitest";

function shapeOf(message: DescMessage): unknown {
  return message.fields.map(({ number, name, proto, message: child }) => ({
    number,
    name,
    type: proto.type,
    label: proto.label,
    child: child ? shapeOf(child) : undefined,
  }));
}

const twins = [Gateway.AuthService, Gateway.SessionService].flatMap((service) =>
  service.methods.filter((method) => method.name !== "Logout"),
);

test.each(twins.map((method) => [method.name, method.output] as const))(
  "the answer of Logic's %s is a twin of the browser's",
  (name, output) => {
    const ours = [Logic.AuthService, Logic.SessionService]
      .flatMap((service) => service.methods)
      .find((method) => method.name === name);
    expect(ours && shapeOf(ours.output)).toEqual(shapeOf(output));
  },
);
