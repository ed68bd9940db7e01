namespace CampaignManager.Web.Uplift;

/// <summary>Marks the texts of what is done with a model after training: comparing, drift, scoring.</summary>
public sealed class ModelTexts;
