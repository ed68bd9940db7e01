namespace CampaignManager.Web.FirstSteps;

/// <summary>Marks the texts of the page "What we can say".</summary>
public sealed class FirstStepsTexts;
