"""The graph of friendships, and what networkx can tell about it.

``read`` gets frames and the graph out of the store; the other modules take these and give tidy
frames. What needs vectors is in ``models``.
"""
