"""Tests, in folders named by kind of truth: rules, actions, protocol, agent, live, browser, …"""
