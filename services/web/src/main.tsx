import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { chooseLanguage, textsOf } from "./texts/language.ts";
import { TextsContext } from "./texts/use-texts.tsx";
import "./styles/base.css";
import "./styles/sign-in.css";

const texts = textsOf[chooseLanguage([navigator.language, ...navigator.languages])];
const root = document.getElementById("root");
if (!root) throw new Error("the page has no root element");
document.documentElement.lang = texts.locale;
createRoot(root).render(
  <StrictMode>
    <TextsContext value={texts}>
      <App />
    </TextsContext>
  </StrictMode>,
);
