using CampaignManager.Application.Uplift.Models;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>
/// Writes a file of another room beside a version of the shop's model while it is being made, from the same data: the planner's, which stands after uplift and registers
/// here.
/// </summary>
/// <param name="modelId">The version.</param>
/// <param name="tablePath">Parquet of the training table.</param>
/// <param name="draft">The version's folder, with the nuisances in it.</param>
/// <param name="cancellationToken">Stops; the draft is thrown away then.</param>
public delegate Task WriteBesideModel(Guid modelId, string tablePath, ModelDraft draft, CancellationToken cancellationToken);
