namespace CampaignManager.Web.Hosting;

/// <summary>What a call got away with, said beside its answer.</summary>
/// <param name="Path">JSON path in the call.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record CallWarning(string Path, string Code, string Message);
