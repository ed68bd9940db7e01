namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of the campaign editor.</summary>
public sealed class WizardTexts;
