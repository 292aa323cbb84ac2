// Shows the model whose vectors are in the graph: how it was made, from what, and its weights.
//
// While switching is true, some vectors may still be those of the model before.
MATCH (m:Model)
RETURN m.id AS id, m.algorithm AS algorithm, m.dimensions AS dimensions,
       m.parameters AS parameters, m.seed AS seed, m.signals AS signals, m.weights AS weights, m.metrics AS metrics,
       m.trainingLoss AS trainingLoss, m.trainedAt AS trainedAt,
       m.dataFingerprint AS dataFingerprint, m.versions AS versions,
       m.switching AS switching
