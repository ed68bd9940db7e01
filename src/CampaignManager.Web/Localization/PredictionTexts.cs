namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of prediction pages.</summary>
public sealed class PredictionTexts;
