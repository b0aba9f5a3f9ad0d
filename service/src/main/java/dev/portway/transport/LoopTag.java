package dev.portway.transport;

/** What tells the pools of backend connections apart: at least the loop that they belong to. */
public interface LoopTag {

    EventLoop loop();
}
