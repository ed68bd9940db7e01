namespace CampaignManager.Web.Campaigns.Predict;

/// <summary>Marks the texts of prediction pages.</summary>
public sealed class PredictionTexts;
