//! The law: stages, clocks, people, independence, findings. Pure rules over plain values.
