// How the process asks the system for memory.
#pragma once

namespace narthex::apps {

// Sets up malloc for all commands. To be called before any thread is there.
// Source: docs/adr/0005-malloc-of-glibc-tuned.md
void TuneAllocator();

}  // namespace narthex::apps
